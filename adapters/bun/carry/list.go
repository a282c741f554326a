package carry

// Tables are all that is moved, in the order in which it is: what others point to comes first.
//
// Whoever adds a table or a column adds it here; until then both stores refuse to give and to take a shop, and their
// tests fail.
var Tables = []*Table{
	table("settings", "name:text value:bytes"),

	table("products", `id:id.prd version:int slug:text title:text description:text brand:text brand_id:id.brd type:text tags:json status:text
		featured:flag seo:json tax_category:text metadata:json categories:ids.cat collections:ids.col publication:json listings:json
		translations:json options:json media:json created_at:time updated_at:time due_at:time shown_from:time shown_until:time sqlite/doc`),
	table("variants", `id:id.var product_id:id.prd position:int sku:text options:json barcode:text grams:int media_id:id.med retired:flag
		channels:texts metadata:json`),
	table("channel_listings", "product_id:id.prd channel:text created_at:time shown_from:time shown_until:time"),
	table("product_schedule", "product_id:id.prd due_at:time"),
	table("slug_history", "slug:text product_id:id.prd"),
	table("given_slugs", "kind:text slug:text id:slugid"),
	table("catalog_structure", "version:int sweeping:flag swept:bareid.prd sqlite/one", void("version = 0 AND NOT sweeping")),
	table("brands", "id:id.brd version:int slug:text name:text name_key:text description:text seo:json translations:json created_at:time updated_at:time"),
	table("product_brands", "brand_id:id.brd product_id:id.prd"),
	table("categories", `id:id.cat version:int parent_id:id.cat position:int path:path.cat slug:text name:text description:text seo:json
		translations:json created_at:time updated_at:time`),
	table("product_categories", "category_id:id.cat product_id:id.prd"),
	table("collections", `id:id.col version:int slug:text name:text description:text seo:json translations:json rule:json products:ids.prd
		publication:json listings:json metadata:json created_at:time updated_at:time`),
	table("collection_products", "collection_id:id.col product_id:id.prd rank:int created_at:time"),

	table("prices", `variant_id:id.var channel:text currency:text version:int since:time amount:int compare_at:int windows:json noted_by:text
		noted_why:text past:json`),
	table("price_history", `variant_id:id.var channel:text currency:text version:int since:time amount:int compare_at:int windows:json
		noted_by:text noted_why:text`),

	table("stock_locations", "code:text version:int name:text state:text priority:int"),
	table("stock_levels", "sku:text location:text on_hand:int reserved:int postgres/priority"),
	table("stock_policies", "sku:text version:int kind:text most:int until:time owed:int"),
	table("stock_claims", `id:id.clm owner:text sku:text state:text parts:json sent:json owed:int freed:int back:int damaged:int until:time`),
	table("stock_movements", `position:int sku:text location:text kind:text on_hand:int reserved:int on_hand_after:int reserved_after:int
		cause:text reason:text at:time`, counted("position")),
	table("stock_adjustments", "key:text at:time"),

	table("carts", `id:bytes version:int status:text channel:text currency:text customer:id.cus lines:json details:json order_id:id.ord
		successor:bytes reopened:flag created_at:time updated_at:time sqlite/bare`),
	table("orders", `id:id.ord version:int number:text status:text reason:text cart:bytes channel:text locale:text email:text customer:id.cus
		currency:text subtotal:int discount:int shipping:int tax:int total:int shipping_lines:json tax_lines:json shipping_address:json
		billing_address:json timeline:json details:json due:time holding:text open:json fulfilments:json notes:json created_at:time
		updated_at:time sqlite/email_key postgres/backordered`),
	table("order_lines", `order_id:id.ord position:int id:id.lin variant_id:noid.var product_id:noid.prd sku:text title:text variant_title:text
		quantity:int unit_price:int total:int claim_id:noid.clm backordered:int details:json`),
	table("payments", "order_id:id.ord id:id.pay version:int provider:text currency:text amount:int entries:json"),
	table("payment_inbox", "provider:text id:text event:json kept_at:time due:time note:text"),
	table("import_sources", "source:text currency:text"),
	table("imported_rows", `source:text invoice:text ordinal:int kind:text reason:text code:text title:text quantity:int unit_price:int total:int
		at:time customer:text country:text order_id:id.ord`),

	table("accounts", `id:id.acc version:int kind:text state:text email:text new_email:text name:text password:text epoch:int
		verify_digest:bytes verify_email:text verify_until:time reset_digest:bytes reset_email:text reset_until:time customer_id:id.cus
		staff_id:id.stf owner:flag roles:ids.rol created_at:time updated_at:time`),
	table("sessions", `id:id.ses version:int account_id:id.acc state:text epoch:int access:bytes access_until:time refresh:bytes previous:bytes
		nonce:bytes device:bytes client:text created_at:time refreshed_at:time idle_until:time until:time`),
	table("session_refreshes", "digest:bytes session_id:id.ses"),
	table("roles", "id:id.rol version:int name:text permissions:texts retired:flag created_at:time updated_at:time"),
	table("api_keys", `id:id.key version:int name:text digest:bytes hint:text scopes:texts created_by:text created_at:time expires_at:time
		revoked_at:time used_at:time`),
	table("audit_entries", `id:uuid of_id:uuid at:time actor_kind:text actor_id:text action:text subject:text outcome:text code:text
		changes:json`),
	table("customers", `id:id.cus version:int status:text account_id:id.acc email:text verified_at:time name:text phone:text groups:texts
		refs:json addresses:json created_at:time updated_at:time`),
	table("customer_refs", "source:text ref:text customer_id:id.cus"),
	table("customer_members", "group_key:text customer_id:id.cus"),
	table("customer_groups", "key:text version:int name:text archived:flag created_at:time updated_at:time"),
	table("customer_consents", "customer_id:id.cus position:int purpose:text given:flag at:time source:text wording:text", counted("position")),
	table("rate_limits", "key:text taken:times until:time"),

	table("commands", `actor:text route:text key:text fingerprint:bytes owner:uuid subject:text created_at:time lease:time answered:flag
		code:text detail:text`),
	table("attachments", "kind:text key:text data:bytes"),
	table("outbox", "position:int id:id.evt name:text aggregate:text at:time data:raw sqlite/partition", counted("position")),
	table("outbox_partitions", "consumer:text partition:int position:int owner:uuid token:int until:time"),
	table("outbox_relays", "consumer:text owner:uuid until:time"),
	table("outbox_parked", "consumer:text aggregate:text partition:int since:time attempts:int cause:text due:time"),
	table("outbox_parked_events", "consumer:text aggregate:text position:int"),
	table("outbox_skipped", "consumer:text position:int id:id.evt name:text aggregate:text reason:text at:time"),
	table("jobs", `id:uuid kind:text key:text payload:raw run_at:time every:int state:text due:time attempts:int cause:text owner:uuid
		token:int again:time`),
	table("blobs", "key:text content:bytes"),
}
