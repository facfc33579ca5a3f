import { Badge, t } from '../../../../web/ui/index.ts';
import type { AttachmentRow } from '../../attachments/attachment.ts';

/** What a file looks like, small; its kind in a word where it has no picture. */
export function Thumbnail({ row }: { row: AttachmentRow }) {
  if (row.removed) return <Badge tone="danger">{t('documents.removed', 'Đã bỏ')}</Badge>;
  if (!row.hasThumbnail)
    return (
      <Badge>
        {row.contentType === 'application/pdf' ? t('documents.pdf', 'PDF') : t('documents.file', 'Tệp')}
      </Badge>
    );
  return (
    <img
      src={`/api/documents/attachments/${encodeURIComponent(row.id)}/thumbnail?version=${row.version}`}
      alt=""
      style={{
        width: 56,
        height: 44,
        objectFit: 'cover',
        borderRadius: 6,
        border: '1px solid var(--yb-line)',
      }}
    />
  );
}
