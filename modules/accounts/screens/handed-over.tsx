import { formatDateTime, Notice, t } from '../../../web/ui/index.ts';

/** A password that was just made: shown this once. */
export function HandedOver(props: { name: string; password: string; until: string }) {
  return (
    <div role="status">
      <Notice
        tone="done"
        title={t('accounts.given', 'Mật khẩu của {name}: {password}', {
          name: props.name,
          password: props.password,
        })}
      >
        {t('accounts.given-what', 'Chỉ hiện lần này. Dùng được tới {until}, và phải đổi ngay lần vào đầu.', {
          until: formatDateTime(props.until),
        })}
      </Notice>
    </div>
  );
}
