import { type Screen, t } from '../../../web/ui/index.ts';

const READERS = ['nurse', 'doctor', 'station-head', 'surveillance', 'province-operator'] as const;

export const screens: Screen[] = [
  {
    path: '/bao-cao',
    key: 'reports',
    title: () => t('statistics.reports', 'Báo cáo thống kê'),
    roles: READERS,
    workplace: true,
    icon: 'report',
    order: 70,
    load: () => import('./reports.tsx'),
  },
  {
    path: '/chi-so',
    key: 'indicators',
    title: () => t('statistics.indicators', 'Chỉ số y tế'),
    roles: READERS,
    workplace: true,
    icon: 'activity',
    order: 71,
    load: () => import('./indicators.tsx'),
  },
  {
    path: '/bang-xoay',
    key: 'pivot',
    title: () => t('statistics.pivot', 'Bảng xoay'),
    roles: READERS,
    workplace: true,
    icon: 'list',
    order: 72,
    load: () => import('./pivot.tsx'),
  },
  {
    path: '/bao-cao/:form/:unit/:period',
    key: 'report',
    title: () => t('statistics.report', 'Báo cáo'),
    roles: READERS,
    load: () => import('./sheet.tsx'),
  },
];
