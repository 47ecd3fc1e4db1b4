-- A serial number is one piece of a maker's, whichever of the maker's products it is (docs/adr/0076). Where a product names no maker, its name stands for one.
ALTER TABLE product
    ADD COLUMN maker text GENERATED ALWAYS AS (lower(coalesce(brand, name))) STORED;
ALTER TABLE product
    ADD CONSTRAINT uq_product_maker UNIQUE (id, maker);

-- A piece holds its number while it is in stock or out with a visit. Of two from before that hold one number the older one keeps it; the
-- other one has no maker, is found by the nightly check, and can only leave for good.
ALTER TABLE stock_serial
    ADD COLUMN maker text;
UPDATE stock_serial piece SET maker = ranked.maker
FROM (
    SELECT s.id, p.maker, s.place_id IS NULL AND s.visit_id IS NULL AS is_gone,
        row_number() OVER (PARTITION BY p.maker, s.serial_number ORDER BY s.place_id IS NULL AND s.visit_id IS NULL, s.created_at, s.id) AS nth
    FROM stock_serial s JOIN product p ON p.id = s.product_id) ranked
WHERE ranked.id = piece.id AND (ranked.is_gone OR ranked.nth = 1);
ALTER TABLE stock_serial
    ADD CONSTRAINT fk_stock_serial_maker FOREIGN KEY (product_id, maker) REFERENCES product (id, maker) ON UPDATE CASCADE;
CREATE UNIQUE INDEX uq_stock_serial_maker ON stock_serial (maker, serial_number) WHERE place_id IS NOT NULL OR visit_id IS NOT NULL;
