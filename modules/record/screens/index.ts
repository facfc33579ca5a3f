import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/ho-so/:patient',
    key: 'record',
    title: () => t('record.title', 'Hồ sơ sức khoẻ'),
    roles: ['doctor', 'nurse', 'laboratory', 'station-head', 'reception'],
    load: () => import('./record.tsx'),
  },
];
