import { type Screen, t } from '../../../web/ui/index.ts';

const roles: Screen['roles'] = ['nurse', 'doctor', 'station-head'];

export const screens: Screen[] = [
  {
    path: '/cap-thuoc',
    key: 'medicines',
    title: () => t('medicines.title', 'Cấp thuốc'),
    roles,
    workplace: true,
    icon: 'pills',
    order: 56,
    load: () => import('./pick-ups.tsx'),
  },
  {
    path: '/cap-thuoc/:patient',
    key: 'hand-out',
    title: () => t('medicines.hand-out', 'Cấp thuốc cho một người'),
    roles,
    load: () => import('./hand-out.tsx'),
  },
  {
    path: '/kho-thuoc',
    key: 'medicine-stock',
    title: () => t('medicines.stock', 'Kho thuốc'),
    roles,
    load: () => import('./stock.tsx'),
  },
  {
    path: '/kho-thuoc/:medicine',
    key: 'medicine-card',
    title: () => t('medicines.card', 'Thẻ kho'),
    roles,
    load: () => import('./card.tsx'),
  },
];
