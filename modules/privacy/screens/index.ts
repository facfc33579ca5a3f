import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/toi',
    key: 'me',
    title: () => t('privacy.me', 'Hồ sơ của tôi'),
    roles: ['citizen'],
    workplace: true,
    icon: 'shield',
    order: 5,
    frame: 'none',
    load: () => import('./me.tsx'),
  },
  {
    path: '/bao-ve-du-lieu',
    key: 'privacy-board',
    title: () => t('privacy.board', 'Bảo vệ dữ liệu cá nhân'),
    roles: ['privacy-officer'],
    workplace: true,
    icon: 'shield',
    order: 10,
    load: () => import('./board.tsx'),
  },
];
