import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/giam-dinh',
    key: 'claims',
    title: () => t('claims.title', 'Hồ sơ BHYT'),
    roles: ['insurance', 'station-head', 'cashier'],
    workplace: true,
    icon: 'shield',
    order: 70,
    load: () => import('./claims.tsx'),
  },
];
