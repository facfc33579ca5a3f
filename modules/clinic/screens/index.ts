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
  {
    path: '/phong-kham',
    key: 'clinic-worklist',
    title: () => t('clinic.worklist', 'Phòng khám'),
    roles: ['doctor', 'nurse', 'station-head'],
    workplace: true,
    icon: 'stethoscope',
    order: 20,
    load: () => import('./worklist.tsx'),
  },
  {
    path: '/kham/:encounter',
    key: 'clinic-consultation',
    title: () => t('clinic.consultation', 'Khám bệnh'),
    roles: ['doctor', 'nurse', 'station-head'],
    load: () => import('./consultation.tsx'),
  },
  {
    path: '/di-ung/:patient',
    key: 'clinic-allergies',
    title: () => t('clinic.allergies', 'Dị ứng'),
    roles: ['doctor', 'nurse', 'station-head'],
    load: () => import('./allergies.tsx'),
  },
  {
    path: '/xet-nghiem',
    key: 'clinic-laboratory',
    title: () => t('clinic.laboratory', 'Phòng xét nghiệm'),
    roles: ['laboratory'],
    workplace: true,
    icon: 'flask',
    order: 30,
    load: () => import('./laboratory.tsx'),
  },
];
