/** Columns that every list of persons in a programme begins with. */
import { type Column, formatAge, formatSex, TwoLines, t } from '../../../web/ui/index.ts';

interface Named {
  fullName: string;
  gender: string | null;
  birthDate: string | null;
}

/** @param width of the grid; lists with more to say leave the name less */
export function nameColumn<Line extends Named>(width: string): Column<Line> {
  return {
    key: 'name',
    title: t('programmes.col.name', 'Họ tên'),
    width,
    draw: (row) => (
      <TwoLines first={row.fullName} second={`${formatSex(row.gender ?? '')}, ${formatAge(row.birthDate)}`} />
    ),
  };
}

export function villageColumn<Line extends { village: string }>(): Column<Line> {
  return {
    key: 'village',
    title: t('programmes.col.village', 'Thôn'),
    width: '1fr',
    draw: (row) => row.village || '–',
  };
}
