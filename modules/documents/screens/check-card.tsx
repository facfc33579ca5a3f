/** Anybody checks a signed card: by camera, a reader that types, or pasting. Nothing of it leaves this page. */
import { useEffect, useState } from 'react';
import {
  CodeCamera,
  Facts,
  formatDate,
  Notice,
  Page,
  Panel,
  Stack,
  Text,
  TextField,
  t,
} from '../../../web/ui/index.ts';
import { type CertificateVerdict, isHcert, verifyHcert } from '../cards/hcert.ts';
import type { CardsKnown } from '../cards/routes.ts';
import { type PublicKey, type Verdict, verifyCard } from '../cards/verify.ts';
import { CertificateTold } from './check-certificate.tsx';

const KEPT = 'yb-cards-known';

export default function CheckCardScreen() {
  const known = useKnown();
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [certificate, setCertificate] = useState<CertificateVerdict | null>(null);
  // What was pasted before the keys came is checked when they come.
  useEffect(() => {
    setVerdict(null);
    setCertificate(null);
    if (!known || text.trim() === '') return undefined;
    let isCurrent = true;
    if (isHcert(text)) {
      void verifyHcert(text, known.trusted ?? [], new Date(), known.revoked).then(
        (told) => isCurrent && setCertificate(told),
      );
      return () => {
        isCurrent = false;
      };
    }
    void verifyCard(text, known.keys as unknown as PublicKey[], known.issuer, new Date(), known.revoked).then(
      (told) => isCurrent && setVerdict(told),
    );
    return () => {
      isCurrent = false;
    };
  }, [known, text]);
  return (
    <Page title={t('documents.check', 'Kiểm tra giấy có mã QR')} narrow>
      <Stack gap={16}>
        <Text as="p">
          {t(
            'documents.check.what',
            'Quét mã QR trên giấy xác nhận hoặc thẻ, hoặc dán nội dung mã. Mã được kiểm tra ngay trên máy này, không gửi đi đâu, cả khi không có mạng.',
          )}
        </Text>
        <CodeCamera onRead={setText} />
        {!known && (
          <Notice tone="look">
            {t(
              'documents.check.no-keys',
              'Chưa tải được khoá công khai của hệ thống: cần có mạng một lần rồi dùng được mãi.',
            )}
          </Notice>
        )}
        <div aria-live="polite">
          {verdict && known && (
            <Stack gap={12}>
              <Told verdict={verdict} known={known} />
            </Stack>
          )}
          {certificate && known && <CertificateTold verdict={certificate} names={known.names} />}
        </div>
        <TextField
          label={t('documents.check.text', 'Nội dung mã')}
          name="card"
          lines={4}
          placeholder="shc:/… HC1:…"
          value={text}
          onChange={setText}
        />
      </Stack>
    </Page>
  );
}

/** The keys as they were last published; kept, so that the page works without network. */
function useKnown(): CardsKnown | null {
  const [known, setKnown] = useState<CardsKnown | null>(() => {
    const kept = localStorage.getItem(KEPT);
    return kept === null ? null : (JSON.parse(kept) as CardsKnown);
  });
  useEffect(() => {
    fetch('/.well-known/yba-cards')
      .then(async (answer) => {
        if (!answer.ok) return;
        const read = (await answer.json()) as CardsKnown;
        localStorage.setItem(KEPT, JSON.stringify(read));
        setKnown(read);
      })
      // Without a network the keys that were kept are used.
      .catch(() => undefined);
  }, []);
  return known;
}

function Told({ verdict, known }: { verdict: Verdict; known: CardsKnown }) {
  switch (verdict.state) {
    case 'not-a-card':
      return (
        <Notice tone="look" title={t('documents.card.none', 'Không phải mã của giấy có chữ ký')}>
          {t(
            'documents.card.none.hint',
            'Mã bị thiếu, bị rách hoặc của loại giấy khác. Quét lại toàn bộ mã QR.',
          )}
        </Notice>
      );
    case 'tampered':
      return (
        <Notice tone="danger" title={t('documents.card.tampered', 'GIẤY GIẢ hoặc đã bị sửa')}>
          {t(
            'documents.card.tampered.hint',
            'Nội dung không khớp chữ ký. Không dùng giấy này; báo nơi đã cấp.',
          )}
        </Notice>
      );
    case 'unknown-key':
      return (
        <Notice tone="look" title={t('documents.card.unknown', 'Không biết nơi ký')}>
          {t(
            'documents.card.unknown.hint',
            'Giấy ghi nơi cấp là {issuer}; khoá của nơi này không có ở đây. Mở trang khi có mạng để tải khoá mới, rồi kiểm tra lại.',
            { issuer: verdict.issuer },
          )}
        </Notice>
      );
    case 'expired':
      return (
        <>
          <Notice tone="look" title={t('documents.card.expired', 'Chữ ký đúng nhưng giấy đã hết hạn')}>
            {t('documents.card.expired.hint', 'Đề nghị nơi cấp lập giấy mới.')}
          </Notice>
          <Content verdict={verdict} known={known} />
        </>
      );
    case 'revoked':
      return (
        <>
          <Notice tone="danger" title={t('documents.card.revoked', 'Giấy ĐÃ BỊ HUỶ')}>
            {t(
              'documents.card.revoked.hint',
              'Chữ ký đúng nhưng nơi cấp đã huỷ giấy này. Không dùng; hỏi nơi cấp giấy mới.',
            )}
          </Notice>
          <Content verdict={verdict} known={known} />
        </>
      );
    case 'not-yet':
      return (
        <Notice tone="look" title={t('documents.card.not-yet', 'Giấy chưa đến ngày có hiệu lực')}>
          {t('documents.card.not-yet.hint', 'Kiểm tra ngày giờ của máy này.')}
        </Notice>
      );
    case 'valid':
      return (
        <>
          <Notice tone="done" title={t('documents.card.valid', 'Giấy thật, chữ ký đúng')}>
            {t('documents.card.valid.hint', 'Đối chiếu họ tên, ngày sinh với người mang giấy.')}
          </Notice>
          <Content verdict={verdict} known={known} />
        </>
      );
  }
}

interface Shown {
  resourceType?: string;
  name?: { text?: string }[];
  birthDate?: string;
  vaccineCode?: { coding?: { system?: string; code?: string }[] };
  occurrenceDateTime?: string;
  lotNumber?: string;
}

/** Whose keys were used: this very system by its name, others by their address. */
function issuerWords(issuer: string, known: CardsKnown): string {
  const host = URL.canParse(issuer) ? new URL(issuer).host : issuer;
  return issuer === known.issuer ? t('documents.card.ours', 'Hệ thống này ({host})', { host }) : issuer;
}

function Content({ verdict, known }: { verdict: Verdict; known: CardsKnown }) {
  if (!('card' in verdict)) return null;
  const resources = verdict.card.resources as Shown[];
  const person = resources.find(({ resourceType }) => resourceType === 'Patient');
  const doses = resources
    .filter(({ resourceType }) => resourceType === 'Immunization')
    .sort((a, b) => (a.occurrenceDateTime ?? '').localeCompare(b.occurrenceDateTime ?? ''));
  const named = ({ vaccineCode }: Shown) => {
    const { system = '', code = '' } = vaccineCode?.coding?.[0] ?? {};
    return known.names[system]?.[code] ?? code;
  };
  return (
    <Panel title={person?.name?.[0]?.text ?? ''}>
      <Facts
        items={[
          [t('documents.card.birth', 'Ngày sinh'), formatDate(person?.birthDate ?? '')],
          [t('documents.card.issuer', 'Nơi cấp'), issuerWords(verdict.card.issuer, known)],
          [
            t('documents.card.from', 'Cấp ngày'),
            new Date(verdict.card.from * 1000).toLocaleDateString('vi-VN'),
          ],
          ...doses.map(
            (dose, at) =>
              [
                t('documents.card.dose', 'Mũi {n}', { n: String(at + 1) }),
                [named(dose), formatDate(dose.occurrenceDateTime?.slice(0, 10) ?? ''), dose.lotNumber]
                  .filter(Boolean)
                  .join(' · '),
              ] as const,
          ),
        ]}
      />
    </Panel>
  );
}
