import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/dong-y/:uid',
    key: 'apps-consent',
    title: () => t('apps.consent', 'Cho phép ứng dụng'),
    roles: [],
    frame: 'none',
    load: () => import('./consent.tsx'),
  },
  {
    path: '/tai-khoan/ung-dung',
    key: 'apps-given',
    title: () => t('apps.given', 'Ứng dụng đã cho phép'),
    roles: [],
    load: () => import('./given-apps.tsx'),
  },
];
