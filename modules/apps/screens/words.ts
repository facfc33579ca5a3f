/** What the server says of an application's wishes, and how it is said to a person. */
import { language, t } from '../../../web/ui/index.ts';

export interface Named {
  vi: string;
  en: string;
}

/** As `GET /api/access/interaction/<uid>` and `GET /api/access/apps` give it. */
export interface ConsentItem {
  scope: string;
  kind: 'identity' | 'offline' | 'data';
  name: Named;
  whose?: 'patient' | 'user';
  may?: ('see' | 'write' | 'remove')[];
  only?: string[];
  parts?: { scope: string; name: Named }[];
}

export const named = ({ vi, en }: Named): string => (language() === 'en' ? en : vi);

/** "xem và sửa": what may be done with the data. */
export function mayWords(item: ConsentItem): string {
  const words = {
    see: t('apps.may.see', 'xem'),
    write: t('apps.may.write', 'ghi và sửa'),
    remove: t('apps.may.remove', 'xóa'),
  };
  return (item.may ?? []).map((one) => words[one]).join(', ');
}

/** Everything beside the name: what may be done, of whom, under which condition. */
export function noteOf(item: ConsentItem): string {
  if (item.kind !== 'data') return '';
  const whose =
    item.whose === 'user'
      ? t('apps.of-all', 'của mọi người mà bạn được xem')
      : t('apps.of-one', 'của người đã chọn');
  const only = item.only?.length ? `${t('apps.only', 'chỉ')} ${item.only.join(', ')}` : '';
  return [mayWords(item), whose, only].filter(Boolean).join(' · ');
}
