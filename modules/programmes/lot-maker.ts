/** Who made the vaccine of a lot is typed once: a table of the province by product and lot. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';

/** @param said by who gives the dose, '' = nothing. @returns the maker, '' = nobody has said it yet */
export async function makerOf(pool: Pool, product: string, lot: string, said: string): Promise<string> {
  if (said !== '') {
    await pool.query(
      `insert into programmes.lot_maker (product, lot, maker) values ($1, $2, $3)
       on conflict (product, lot) do update set maker = excluded.maker where lot_maker.maker <> excluded.maker`,
      [product, lot, said],
    );
    return said;
  }
  const { rows } = await pool.query<{ maker: string }>(
    'select maker from programmes.lot_maker where product = $1 and lot = $2',
    [product, lot],
  );
  return rows[0]?.maker ?? '';
}
