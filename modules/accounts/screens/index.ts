import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/tai-khoan',
    key: 'my-account',
    title: () => t('accounts.mine', 'Tài khoản của tôi'),
    roles: [],
    load: () => import('./my-account.tsx'),
  },
  {
    path: '/quan-tri/tai-khoan',
    key: 'accounts',
    title: () => t('accounts.title', 'Tài khoản nhân viên'),
    roles: ['administrator', 'station-head'],
    workplace: true,
    icon: 'people',
    order: 92,
    load: () => import('./accounts.tsx'),
  },
  {
    path: '/quan-tri/ra-soat',
    key: 'account-review',
    title: () => t('accounts.review', 'Rà soát tài khoản'),
    roles: ['administrator', 'station-head'],
    load: () => import('./review.tsx'),
  },
];
