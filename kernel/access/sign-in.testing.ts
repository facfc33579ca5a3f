/** Signing in over HTTP, for the tests of every room. */

/** Password of the demo accounts, and of those that tests make. */
export const DEMO_PASSWORD = 'demo';

/** @returns the value of the `cookie` header that carries the session; throws when the sign-in is refused */
export async function cookieOf(
  address: string,
  username: string,
  password: string = DEMO_PASSWORD,
): Promise<string> {
  const answer = await fetch(`${address}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in of ${username}: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}
