import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/ca-benh',
    key: 'cases',
    title: () => t('surveillance.cases', 'Ca bệnh phải báo cáo'),
    roles: ['surveillance', 'station-head'],
    workplace: true,
    icon: 'virus',
    order: 70,
    load: () => import('./cases.tsx'),
  },
];
