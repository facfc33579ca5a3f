import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/quy-tac',
    key: 'rules',
    title: () => t('decisions.rules', 'Quy tắc cảnh báo'),
    roles: ['content-officer', 'administrator', 'province-operator', 'station-head'],
    workplace: true,
    icon: 'shield',
    order: 80,
    load: () => import('./rules.tsx'),
  },
];
