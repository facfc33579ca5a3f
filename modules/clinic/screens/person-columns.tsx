/** Columns that every list of waiting people begins with: ticket, name, sex and age. */
import type { ReactNode } from 'react';
import { type Column, formatAge, formatSex, Row, Text, t } from '../../../web/ui/index.ts';

interface Waiting {
  ticket: string;
  name: string;
  gender: string;
  birthDate: string | null;
}

/** @param mark stands after the name, for what must be seen at once */
export function personColumns<T extends Waiting>(mark?: (row: T) => ReactNode): Column<T>[] {
  return [
    {
      key: 'ticket',
      title: t('clinic.col.ticket', 'Số'),
      width: '72px',
      number: true,
      draw: (row) => <Text strong>{row.ticket}</Text>,
    },
    {
      key: 'name',
      title: t('clinic.col.name', 'Họ tên'),
      width: '2.4fr',
      draw: (row) => (
        <Row gap={8}>
          <Text strong oneLine>
            {row.name}
          </Text>
          {mark?.(row)}
        </Row>
      ),
    },
    {
      key: 'who',
      title: t('clinic.col.who', 'Giới, tuổi'),
      width: '148px',
      draw: (row) => `${formatSex(row.gender)}, ${formatAge(row.birthDate)}`,
    },
  ];
}
