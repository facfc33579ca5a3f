/** `hash64` (kernel/store/hash.ts) in SQL. */
export function hashSql(text: string): string {
  return `('x' || left(md5(${text}), 16))::bit(64)::int8`;
}
