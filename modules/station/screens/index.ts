import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/so',
    key: 'books',
    title: () => t('station.books', 'Sổ sách'),
    roles: ['reception', 'nurse', 'doctor', 'station-head'],
    workplace: true,
    icon: 'book',
    order: 60,
    load: () => import('./books.tsx'),
  },
  {
    path: '/so/:key',
    key: 'book',
    title: () => t('station.book', 'Sổ'),
    roles: ['reception', 'nurse', 'doctor', 'station-head'],
    load: () => import('./book.tsx'),
  },
];
