/** The demo province's accounts beside the sign-in form: whoever tries the program chooses whom to be. */
import { useEffect, useState } from 'react';
import { api } from '../ui/data/api.ts';
import { Notice } from '../ui/feedback/notice.tsx';
import { language, t } from '../ui/i18n/language.ts';
import { Heading, Text } from '../ui/layout/text.tsx';
import { type Entered, enter } from './session-calls.ts';

interface DemoAccount {
  username: string;
  name: string;
  note: string;
  noteEn: string;
  citizen?: { number: string; phone: string | null };
}

interface Answer {
  password: string;
  rows: DemoAccount[];
}

/** One press signs in: the password is nobody's secret. */
export function DemoAccounts(props: { onEntered: (answer: Entered) => void | Promise<void> }) {
  const [known, setKnown] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    void api.get<Answer>('/api/demo/accounts', { impatient: true }).then(setKnown, () => undefined);
  }, []);
  if (!known) return null;
  const { password, rows } = known;
  const citizen = rows.find((row) => row.citizen?.phone)?.citizen;
  const come = async (username: string) => {
    setFailure(null);
    await enter('sign-in', { username, password })
      .then(props.onEntered)
      .catch((error: Error) => setFailure(error.message));
  };
  return (
    <section className="yb-demo" aria-label={t('demo.title', 'Tỉnh mẫu, không phải người thật')}>
      <Heading level={2}>{t('demo.title', 'Tỉnh mẫu, không phải người thật')}</Heading>
      <Text as="p" tone="soft">
        {t('demo.what', 'Chọn một người để vào thử. Mật khẩu chung là {password}.', { password })}
      </Text>
      {failure && (
        <div role="alert">
          <Notice tone="danger" title={failure} />
        </div>
      )}
      <ul className="yb-demo-list">
        {rows.map(({ username, name, note, noteEn }) => (
          <li key={username}>
            <button type="button" className="yb-demo-account" onClick={() => void come(username)}>
              <span className="yb-demo-note">{language() === 'en' ? noteEn : note}</span>
              <span className="yb-demo-name">
                {username} · {name}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {citizen && (
        <Text as="p" tone="soft">
          {t(
            'demo.code',
            'Thử mã một lần ở thẻ “Người dân”: số định danh {number}, điện thoại {phone}. Điện thoại này không có thật: mã hiện ở cửa sổ đang chạy chương trình.',
            { number: citizen.number, phone: citizen.phone! },
          )}
        </Text>
      )}
    </section>
  );
}
