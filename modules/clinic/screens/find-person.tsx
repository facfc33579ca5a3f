/** Search of a list of waiting people by name or ticket. */
import { Empty, SearchField, t } from '../../../web/ui/index.ts';

export function FindPerson(props: { value: string; onChange: (text: string) => void }) {
  return <SearchField label={t('clinic.find', 'Tìm họ tên, số')} width="200px" {...props} />;
}

export function NobodyFound() {
  return (
    <Empty title={t('clinic.find.none', 'Không có ai như vậy trong danh sách này')}>
      {t('clinic.find.none-hint', 'Xoá bớt chữ, hoặc tìm trong cả tỉnh ở ô tìm người phía trên (Ctrl+K).')}
    </Empty>
  );
}
