-- The baseline of the figures: one function that places an order of two lines and writes the rows that a checkout with the
-- payment provider "manual" writes, in one call and one transaction. It knows no rule but the stock's.
CREATE FUNCTION commerce.baseline_place(sku_a text, sku_b text, cart_number bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    o uuid := gen_random_uuid();
    claim uuid;
    sku_of text;
    cart_id bytea := decode(lpad(to_hex(cart_number), 40, '0'), 'hex');
    level commerce.stock_levels;
    n integer := 0;
    moment timestamptz := now();
BEGIN
    INSERT INTO commerce.commands VALUES (1, 'cart:' || md5(o::text), 'checkout', o::text, decode(repeat('ab', 32), 'hex'), o, 'ord_' || o::text,
        moment, moment + interval '15 seconds', true, '', '');
    UPDATE commerce.carts SET version = version + 1, status = 'completed', order_id = o, updated_at = moment WHERE shop = 1 AND id = cart_id;
    INSERT INTO commerce.orders VALUES (1, o, 1, '261123-' || substr(o::text, 1, 13), 'placed', '', decode(replace(o::text, '-', ''), 'hex'), 'web', 'en-GB',
        'buyer@example.com', 'GBP', 2000, 0, 0, 0, 2000, '[{"code": "standard", "title": "Standard delivery", "total": {"amount": "0.00", "currency": "GBP"}}]',
        '{"name": "Buyer", "line1": "1 Quay Street", "city": "Ipswich", "postal_code": "IP4 1BZ", "country": "GB"}', NULL,
        '[{"at": "2026-11-23T12:00:00Z", "kind": "placed"}]', moment, moment);
    INSERT INTO commerce.payments VALUES (1, gen_random_uuid(), 1, o, 'manual', 'GBP', 2000,
        '[{"at": "2026-11-23T12:00:00Z", "kind": "pending", "amount": {"amount": "20.00", "currency": "GBP"}}]');
    FOREACH sku_of IN ARRAY ARRAY[least(sku_a, sku_b), greatest(sku_a, sku_b)] LOOP
        claim := gen_random_uuid();
        INSERT INTO commerce.order_lines VALUES (1, o, n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), sku_of, 'A thing', '', 1, 10000000, 1000, claim);
        INSERT INTO commerce.stock_claims VALUES (1, claim, 'ord_' || o::text, sku_of, 'held', '[{"location": "main", "quantity": 1}]', 0, NULL);
        n := n + 1;
    END LOOP;
    INSERT INTO commerce.outbox (shop, id, name, aggregate, at, data) VALUES (1, gen_random_uuid(), 'ordering.order_placed', 'ord_' || o::text, moment,
        '{"order": "ord_06h0h4prr9tr9894x4jd2m84x0", "number": "261123-K5NCF1VQ", "total": {"amount": "20.00", "currency": "GBP"}, "lines": 2}');
    -- The stock last, so that its rows are locked for the commit alone; in one order, so that no two wait for each other.
    FOREACH sku_of IN ARRAY ARRAY[least(sku_a, sku_b), greatest(sku_a, sku_b)] LOOP
        UPDATE commerce.stock_levels SET reserved = reserved + 1 WHERE shop = 1 AND sku = sku_of AND location = 'main' AND on_hand - reserved >= 1
            RETURNING * INTO level;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'out of stock: %', sku_of;
        END IF;
        INSERT INTO commerce.stock_movements (shop, sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at)
            VALUES (1, sku_of, 'main', 'claim', 0, 1, level.on_hand, level.reserved, o::text || n, '', moment);
    END LOOP;
END $$;
