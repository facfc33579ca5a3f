import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/tiep-don',
    key: 'reception',
    title: () => t('reception.title', 'Tiếp đón'),
    roles: ['reception', 'nurse', 'doctor', 'station-head'],
    workplace: true,
    icon: 'person',
    order: 10,
    load: () => import('./reception.tsx'),
  },
];
