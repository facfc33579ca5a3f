/** Where to go after signing in. Pure. */

/**
 * The local address that `?next=` names; `/` for anything that would lead to another place (OWASP, unvalidated redirects).
 * @param origin of this page
 */
export function nextPath(query: string, origin: string): string {
  const asked = new URLSearchParams(query).get('next') ?? '';
  // What a browser would read as another host: `//host`, `/\\host`, with tabs or breaks between.
  if (!/^\/(?![/\\])[^\p{Cc}\\]*$/u.test(asked)) return '/';
  const url = URL.canParse(asked, origin) ? new URL(asked, origin) : null;
  if (url?.origin !== origin || url.pathname === '/dang-nhap') return '/';
  return url.pathname + url.search + url.hash;
}
