import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/dieu-hanh',
    key: 'wall',
    title: () => t('operations.wall', 'Điều hành y tế'),
    roles: ['province-operator', 'surveillance'],
    workplace: true,
    icon: 'dashboard',
    order: 10,
    frame: 'none',
    theme: 'dark',
    load: () => import('./wall.tsx'),
  },
  {
    path: '/dieu-hanh/luot-kham',
    key: 'wall-visits',
    title: () => t('operations.visits', 'Lượt khám sau con số'),
    roles: ['province-operator', 'surveillance'],
    load: () => import('./visits.tsx'),
  },
  {
    path: '/nhat-ky',
    key: 'audit',
    title: () => t('operations.audit', 'Nhật ký truy cập'),
    roles: ['administrator'],
    workplace: true,
    icon: 'shield',
    order: 90,
    load: () => import('./audit.tsx'),
  },
];
