package access

import "slices"

// Permission is a right, such as "orders.refund". Staff have them by their roles, API keys by their scopes; both use the
// same names, and every admin route and command names the one that it takes.
type Permission string

// The permissions. The catalogue is flat: none implies another.
const (
	CatalogRead     Permission = "catalog.read"
	CatalogWrite    Permission = "catalog.write"
	PricesRead      Permission = "prices.read"
	PricesWrite     Permission = "prices.write"
	StockRead       Permission = "stock.read"
	StockWrite      Permission = "stock.write"
	OrdersRead      Permission = "orders.read"
	OrdersWrite     Permission = "orders.write"
	OrdersFulfil    Permission = "orders.fulfil"
	OrdersCancel    Permission = "orders.cancel"
	OrdersCapture   Permission = "orders.capture"
	OrdersRefund    Permission = "orders.refund"
	CustomersRead   Permission = "customers.read"
	CustomersWrite  Permission = "customers.write"
	CustomersErase  Permission = "customers.erase"
	PromotionsRead  Permission = "promotions.read"
	PromotionsWrite Permission = "promotions.write"
	ImportsRun      Permission = "imports.run"
	ExportsRun      Permission = "exports.run"
	ReportsRead     Permission = "reports.read"
	StaffRead       Permission = "staff.read"
	StaffWrite      Permission = "staff.write"
	RolesWrite      Permission = "roles.write"
	APIKeysRead     Permission = "api_keys.read"
	APIKeysWrite    Permission = "api_keys.write"
	AuditRead       Permission = "audit.read"
	SettingsWrite   Permission = "settings.write"
	DoctorRun       Permission = "doctor.run"
)

// PermissionInfo tells people what a permission allows.
type PermissionInfo struct {
	Key         Permission
	Description string
}

// Permissions is the catalogue, in the order in which screens show it. It is data that nobody changes.
var Permissions = []PermissionInfo{
	{CatalogRead, "See products, categories, collections and brands of any status."},
	{CatalogWrite, "Make, change, publish and archive products, categories, collections and brands."},
	{PricesRead, "See price lists, validity and the history of prices."},
	{PricesWrite, "Set prices."},
	{StockRead, "See levels, movements and reservations."},
	{StockWrite, "Receive, adjust, count and move stock."},
	{OrdersRead, "See orders with their addresses and payments."},
	{OrdersWrite, "Change orders and write notes on them."},
	{OrdersFulfil, "Record what was sent and where it is."},
	{OrdersCancel, "Cancel orders."},
	{OrdersCapture, "Take money that was authorised."},
	{OrdersRefund, "Give money back."},
	{CustomersRead, "See customers with their addresses and consents."},
	{CustomersWrite, "Change customers, their groups and whether they may sign in."},
	{CustomersErase, "Erase the personal data of customers."},
	{PromotionsRead, "See promotions, coupons and gift cards."},
	{PromotionsWrite, "Make and change promotions, coupons and gift cards."},
	{ImportsRun, "Bring in products and orders from files."},
	{ExportsRun, "Take the catalogue with its prices and stock out as a file."},
	{ReportsRead, "See sums over orders and customers."},
	{StaffRead, "See who works here, and the roles."},
	{StaffWrite, "Add and disable staff, and give them roles."},
	{RolesWrite, "Make and change roles."},
	{APIKeysRead, "See API keys, without their text."},
	{APIKeysWrite, "Make and revoke API keys."},
	{AuditRead, "Read the audit log."},
	{SettingsWrite, "Change the settings of the shop."},
	{DoctorRun, "Check the shop's data for contradictions."},
}

// Known tells whether the catalogue has the permission.
func (p Permission) Known() bool {
	return slices.ContainsFunc(Permissions, func(i PermissionInfo) bool { return i.Key == p })
}

// AllPermissions are the keys of the catalogue: what an owner has.
func AllPermissions() []Permission {
	out := make([]Permission, len(Permissions))
	for i, p := range Permissions {
		out[i] = p.Key
	}
	return out
}

// union gives the permissions of all lists, in the order of the catalogue and each once; what it does not know is no
// permission any more.
func union(lists ...[]Permission) []Permission {
	var out []Permission
	for _, p := range Permissions {
		if slices.ContainsFunc(lists, func(l []Permission) bool { return slices.Contains(l, p.Key) }) {
			out = append(out, p.Key)
		}
	}
	return out
}
