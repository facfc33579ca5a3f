import { type Screen, t } from '../../../web/ui/index.ts';

const roles: Screen['roles'] = ['nurse', 'doctor', 'station-head'];

export const screens: Screen[] = [
  {
    path: '/chuong-trinh',
    key: 'programmes',
    title: () => t('programmes.title', 'Chương trình'),
    roles,
    workplace: true,
    icon: 'vaccine',
    order: 55,
    load: () => import('./programmes.tsx'),
  },
  {
    path: '/kho-vac-xin',
    key: 'vaccine-stock',
    title: () => t('programmes.stock', 'Kho vắc xin'),
    roles,
    load: () => import('./stock.tsx'),
  },
  {
    path: '/phan-ung-sau-tiem',
    key: 'reactions',
    title: () => t('programmes.reactions', 'Phản ứng sau tiêm'),
    roles,
    load: () => import('./reactions.tsx'),
  },
  {
    path: '/nhac-hen',
    key: 'reminders',
    title: () => t('programmes.reminders', 'Lời nhắc hẹn'),
    roles,
    load: () => import('./reminders.tsx'),
  },
  {
    path: '/chuong-trinh/:key',
    key: 'programme-worklist',
    title: () => t('programmes.worklist', 'Danh sách việc'),
    roles,
    load: () => import('./worklist.tsx'),
  },
  {
    path: '/chuong-trinh/:key/buoi',
    key: 'programme-session',
    title: () => t('programmes.session', 'Lập buổi tiêm'),
    roles,
    load: () => import('./session.tsx'),
  },
  {
    path: '/chuong-trinh/:key/bao-phu',
    key: 'programme-coverage',
    title: () => t('programmes.coverage', 'Bao phủ'),
    roles,
    load: () => import('./coverage.tsx'),
  },
  {
    path: '/chuong-trinh/:key/bao-phu/nguoi',
    key: 'programme-coverage-people',
    title: () => t('programmes.coverage', 'Bao phủ'),
    roles,
    load: () => import('./coverage-people.tsx'),
  },
  {
    path: '/chuong-trinh/:key/nguoi/:patient',
    key: 'programme-person',
    title: () => t('programmes.person', 'Theo dõi một người'),
    roles,
    load: () => import('./person.tsx'),
  },
  {
    path: '/theo-doi/:patient',
    key: 'programmes-of-person',
    title: () => t('programmes.of-person', 'Chương trình của một người'),
    roles,
    load: () => import('./enrol.tsx'),
  },
];
