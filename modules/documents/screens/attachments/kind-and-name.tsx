/** What a file is: its kind and its name, asked when it is attached and when it is put right. */
import { type FormState, SelectField, TextField, t } from '../../../../web/ui/index.ts';
import { kindWords, useKinds } from './kinds.ts';

export interface KindAndName {
  kind: string;
  title: string;
}

/** A missing kind or name. Pure. */
export const missingIn = ({ kind, title }: KindAndName) => ({
  ...(kind === '' ? { kind: t('documents.kind.missing', 'Chọn loại tài liệu.') } : {}),
  ...(title.trim() === '' ? { title: t('documents.name.missing', 'Ghi tên tài liệu.') } : {}),
});

export function KindAndNameFields({ form }: { form: FormState<KindAndName> }) {
  const kinds = useKinds();
  return (
    <>
      <SelectField
        label={t('documents.kind', 'Loại')}
        required
        empty={t('documents.kind.choose', 'Chọn loại')}
        choices={kinds.map((one) => ({ value: one.code, label: kindWords(one) }))}
        {...form.field('kind')}
      />
      <TextField
        label={t('documents.name', 'Tên tài liệu')}
        required
        maxLength={200}
        {...form.field('title')}
      />
    </>
  );
}
