/** Pages for people that oidc-provider shows between the screens: Vietnamese, without script. Values are escaped. */
import type { Client, KoaContextWithOIDC } from 'oidc-provider';

/** Address of the pages' style. */
export const STYLE_ADDRESS = '/oauth2/page.css';

export const STYLE = `
:root { color-scheme: light; font-family: "Be Vietnam Pro", system-ui, "Segoe UI", Roboto, sans-serif; }
body { margin: 0; background: #f3f6f5; color: #17211f; font-size: 1rem; line-height: 1.5; }
main { max-width: 29rem; width: calc(100% - 2rem); box-sizing: border-box; margin: 12vh auto 0; padding: 1.5rem; background: #fff; border: 1px solid #dce3e2; border-radius: .625rem; }
h1 { margin: 0 0 .75rem; font-size: 1.25rem; }
p { margin: .5rem 0; }
code { font-size: 1.5rem; letter-spacing: .1em; }
.fault { color: #a01818; }
.small { font-size: .875rem; color: #4a5b68; overflow-wrap: anywhere; }
input[type=text] { box-sizing: border-box; width: 100%; padding: .6rem; font-size: 1.5rem; letter-spacing: .1em; text-align: center; text-transform: uppercase; border: 1px solid #6b7a77; border-radius: .375rem; }
button { margin: .75rem .5rem 0 0; padding: .6rem 1rem; font: inherit; font-weight: 600; color: #fff; background: #0b6e64; border: 1px solid #0b6e64; border-radius: .375rem; }
button.second { color: #0b6e64; background: #fff; }
:focus-visible { outline: 2px solid #0b6e64; outline-offset: 2px; }
`;

/** @param body HTML, its values escaped already */
export function page(title: string, body: string, head = ''): string {
  return `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Y Bạ</title><link rel="stylesheet" href="${STYLE_ADDRESS}">${head}</head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

function show(koa: KoaContextWithOIDC, title: string, body: string): void {
  koa.type = 'html';
  koa.body = page(title, body);
}

const SENTENCES: Record<string, string> = {
  access_denied: 'Bạn đã từ chối, hoặc tài khoản không được phép.',
  invalid_client: 'Ứng dụng này chưa được đăng ký ở đây.',
  invalid_redirect_uri: 'Ứng dụng xin quay về một địa chỉ chưa đăng ký.',
  temporarily_unavailable: 'Hệ thống đang bận. Hãy thử lại sau vài giây.',
};

/** An error that cannot go back to the application: what happened, and what to do. */
export function errorPage(koa: KoaContextWithOIDC, out: Record<string, string>): void {
  const sentence = SENTENCES[out.error ?? ''] ?? 'Yêu cầu đăng nhập của ứng dụng không đúng hoặc đã hết hạn.';
  show(
    koa,
    'Không đăng nhập được',
    `<p>${sentence} Hãy quay lại ứng dụng và bắt đầu lại; nếu vẫn vậy, hãy báo cho nơi cung cấp ứng dụng.</p>
<p class="small" lang="en">${escapeHtml(out.error ?? '')}: ${escapeHtml(out.error_description ?? '')}</p>`,
  );
}

const CODE_FAULTS: Record<string, string> = {
  NotFoundError: 'Không có mã này. Hãy xem lại mã trên thiết bị.',
  NoCodeError: 'Hãy nhập mã.',
  ExpiredError: 'Mã đã hết hạn. Hãy lấy mã mới trên thiết bị.',
  AlreadyUsedError: 'Mã này đã dùng rồi. Hãy lấy mã mới trên thiết bị.',
  AbortedError: 'Đã từ chối thiết bị. Bạn có thể đóng trang này.',
};

/** RFC 8628 section 3.3: the code that the device shows is typed here. @param form of oidc-provider, with the field */
export function codeEntry(koa: KoaContextWithOIDC, form: string, error: unknown): void {
  const fault = error === undefined ? undefined : (error as Error);
  const sentence = fault && (CODE_FAULTS[fault.name] ?? CODE_FAULTS[fault.constructor.name] ?? 'Không được.');
  const field = form
    .replace('placeholder="Enter code"', 'id="ma" aria-describedby="loi" placeholder="ABCD-EFGH"')
    .replace(/ onfocus="[^"]*"/, '');
  show(
    koa,
    'Nối thiết bị',
    `<p><label for="ma">Nhập mã đang hiện trên thiết bị (màn hình gọi số, ki-ốt).</label></p>
<p class="fault" id="loi" role="alert">${sentence ?? ''}</p>${field}
<button type="submit" form="op.deviceInputForm">Tiếp tục</button>`,
  );
}

/** RFC 8628 section 5.4: a person must see what is let in, or a stranger's device is. */
export function codeConfirmation(
  koa: KoaContextWithOIDC,
  form: string,
  client: Client,
  device: { ip?: string; ua?: string },
  code: string,
): void {
  show(
    koa,
    'Cho thiết bị này vào?',
    `<p><strong>${escapeHtml(client.clientName ?? client.clientId)}</strong> muốn làm việc dưới tên của bạn. Mã trên thiết bị phải là:</p>
<p><code>${escapeHtml(code)}</code></p>
<p class="small">Địa chỉ của thiết bị: ${escapeHtml(device.ip ?? '?')}. Nếu bạn không đứng trước thiết bị này, hoặc có người bảo bạn nhập mã, hãy từ chối.</p>
${form}<button type="submit" form="op.deviceConfirmForm">Cho vào</button>
<button class="second" type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Từ chối</button>`,
  );
}

export function codeDone(koa: KoaContextWithOIDC): void {
  show(koa, 'Đã xong', '<p>Thiết bị sẽ vào sau vài giây. Bạn có thể đóng trang này.</p>');
}

/** OpenID Connect RP-Initiated Logout 1.0 section 2: the person is asked. */
export function logoutQuestion(koa: KoaContextWithOIDC, form: string): void {
  show(
    koa,
    'Đăng xuất?',
    `<p>Ứng dụng xin đăng xuất bạn khỏi Y Bạ và mọi ứng dụng đang mở.</p>
${form}<button type="submit" form="op.logoutForm" value="yes" name="logout">Đăng xuất</button>
<button class="second" type="submit" form="op.logoutForm">Ở lại</button>`,
  );
}

export function loggedOut(koa: KoaContextWithOIDC): void {
  show(koa, 'Đã đăng xuất', '<p>Bạn đã đăng xuất. <a href="/">Về trang đầu</a></p>');
}
