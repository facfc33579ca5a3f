/** What a certificate of the WHO's trust network says, and whether it is right. */
import { Facts, formatDate, Notice, Panel, Stack, t } from '../../../web/ui/index.ts';
import type { Certificate, CertificateVerdict, CertifiedDose, Told } from '../cards/hcert.ts';
import type { CardsKnown } from '../cards/routes.ts';

type Names = CardsKnown['names'];

export function CertificateTold({ verdict, names }: { verdict: CertificateVerdict; names: Names }) {
  if (!('certificate' in verdict)) return <Refused verdict={verdict} />;
  return (
    <Stack gap={12}>
      {verdict.state === 'valid' && (
        <Notice tone="done" title={t('documents.card.valid', 'Giấy thật, chữ ký đúng')}>
          {t('documents.card.valid.hint', 'Đối chiếu họ tên, ngày sinh với người mang giấy.')}
        </Notice>
      )}
      {verdict.state === 'expired' && (
        <Notice tone="look" title={t('documents.card.expired', 'Chữ ký đúng nhưng giấy đã hết hạn')}>
          {t('documents.card.expired.hint', 'Đề nghị nơi cấp lập giấy mới.')}
        </Notice>
      )}
      {verdict.state === 'revoked' && (
        <Notice tone="danger" title={t('documents.card.revoked', 'Giấy ĐÃ BỊ HUỶ')}>
          {t(
            'documents.card.revoked.hint',
            'Chữ ký đúng nhưng nơi cấp đã huỷ giấy này. Không dùng; hỏi nơi cấp giấy mới.',
          )}
        </Notice>
      )}
      {verdict.state === 'not-yet' && (
        <Notice tone="look" title={t('documents.card.not-yet', 'Giấy chưa đến ngày có hiệu lực')}>
          {t('documents.card.not-yet.hint', 'Kiểm tra ngày giờ của máy này.')}
        </Notice>
      )}
      <Content certificate={verdict.certificate} names={names} />
    </Stack>
  );
}

function Refused({ verdict }: { verdict: Exclude<CertificateVerdict, { certificate: Certificate }> }) {
  if (verdict.state === 'tampered')
    return (
      <Notice tone="danger" title={t('documents.card.tampered', 'GIẤY GIẢ hoặc đã bị sửa')}>
        {t(
          'documents.card.tampered.hint',
          'Nội dung không khớp chữ ký. Không dùng giấy này; báo nơi đã cấp.',
        )}
      </Notice>
    );
  if (verdict.state === 'unknown-key')
    return (
      <Notice tone="look" title={t('documents.card.unknown', 'Không biết nơi ký')}>
        {t(
          'documents.certificate.unknown-hint',
          'Giấy chứng nhận tiêm chủng quốc tế (nước cấp: {country}), nhưng khoá của nơi ký chưa có trong danh sách tin cậy ở đây. Chưa biết thật hay giả.',
          { country: verdict.issuer || '?' },
        )}
      </Notice>
    );
  return (
    <Notice tone="look" title={t('documents.card.none', 'Không phải mã của giấy có chữ ký')}>
      {t('documents.card.none.hint', 'Mã bị thiếu, bị rách hoặc của loại giấy khác. Quét lại toàn bộ mã QR.')}
    </Notice>
  );
}

function Content({ certificate, names }: { certificate: Certificate; names: Names }) {
  const { name, birthDate, signer, issuer, from, until, id, doses, kind } = certificate;
  const day = (seconds: number) => new Date(seconds * 1000).toLocaleDateString('vi-VN');
  return (
    <Panel title={name}>
      <Facts
        items={[
          [t('documents.card.birth', 'Ngày sinh'), formatDate(birthDate)],
          [t('documents.card.issuer', 'Nơi cấp'), [signer, issuer].filter(Boolean).join(', ')],
          [t('documents.card.from', 'Cấp ngày'), day(from)],
          ...(until === null
            ? []
            : [[t('documents.certificate.until', 'Hiệu lực đến'), day(until)] as const]),
          [
            t('documents.certificate.kind', 'Loại giấy'),
            kind === 'ddcc-vs'
              ? t('documents.certificate.ddcc', 'Chứng nhận mũi tiêm (WHO DDCC)')
              : t('documents.certificate.dcc', 'Chứng nhận COVID-19 của EU (mạng tin cậy WHO)'),
          ],
          [t('documents.certificate.id', 'Số giấy'), id || '–'],
          ...doses.map(
            (dose, at) =>
              [t('documents.card.dose', 'Mũi {n}', { n: numberOf(dose, at) }), words(dose, names)] as const,
          ),
        ]}
      />
    </Panel>
  );
}

const numberOf = ({ dose, doses }: CertifiedDose, at: number) =>
  `${dose ?? at + 1}${doses === null ? '' : `/${doses}`}`;

/** A code by its name where the list of the province has one; else as it stands on the certificate. */
function words(dose: CertifiedDose, names: Names): string {
  const named = ({ system, code }: Told) => names[system]?.[code] ?? code;
  const { vaccine, brand, disease, day, lot, manufacturer, country, centre } = dose;
  // Of two that the WHO gives one code the brand says which it was.
  const name =
    names[brand.system]?.[brand.code] ??
    names[vaccine.system]?.[vaccine.code] ??
    (brand.code || vaccine.code);
  return [name, named(disease), formatDate(day), lot, manufacturer, centre, country]
    .filter((word, at, all) => word !== '' && all.indexOf(word) === at)
    .join(' · ');
}
