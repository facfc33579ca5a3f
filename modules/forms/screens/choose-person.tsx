/** Search first: whom the form is about. */
import { api, CodeSearch, type Found, formatDate, formatSex, t } from '../../../web/ui/index.ts';

interface PersonFound {
  id: string;
  name: string;
  gender: string;
  birthDate: string | null;
  identifiers: { label: string; value: string }[];
  address: string | null;
}

export function ChoosePerson(props: { onChoose: (patient: string) => void }) {
  const search = async (typed: string, signal: AbortSignal): Promise<Found[]> => {
    const path = `/api/people/search?limit=20&q=${encodeURIComponent(typed)}`;
    const found = await api.get<{ rows: PersonFound[] }>(path, { signal });
    return found.rows.map((one) => ({
      code: one.id,
      label: one.name,
      note: [formatSex(one.gender), formatDate(one.birthDate), one.identifiers[0]?.value, one.address]
        .filter(Boolean)
        .join(' · '),
    }));
  };
  return (
    <CodeSearch
      label={t('forms.person', 'Người được điền phiếu')}
      placeholder={t('forms.person-hint', 'Gõ họ tên, số định danh hoặc số thẻ')}
      search={search}
      ranked
      autoFocus
      draw={({ label, note }) => (
        <>
          <span>{label}</span>
          <span className="yb-option-note">{note}</span>
        </>
      )}
      onChoose={({ code }) => props.onChoose(code)}
    />
  );
}
