import { type Screen, t } from '../../../web/ui/index.ts';
import { readFirst } from './opening.ts';

export const screens: Screen[] = [
  {
    path: '/bieu-mau',
    key: 'forms',
    title: () => t('forms.title', 'Biểu mẫu'),
    roles: ['doctor', 'nurse', 'station-head', 'surveillance'],
    workplace: true,
    icon: 'report',
    order: 60,
    load: () => import('./forms.tsx'),
  },
  {
    path: '/bieu-mau/:key',
    key: 'forms-fill',
    title: () => t('forms.fill', 'Điền phiếu'),
    roles: ['doctor', 'nurse', 'station-head', 'surveillance'],
    load: () => import('./fill.tsx'),
    readsFirst: readFirst,
  },
  {
    path: '/phieu/:id',
    key: 'forms-answer',
    title: () => t('forms.answer', 'Phiếu đã điền'),
    roles: ['doctor', 'nurse', 'station-head', 'surveillance'],
    load: () => import('./answer.tsx'),
  },
  {
    path: '/thiet-ke-bieu-mau',
    key: 'forms-designs',
    title: () => t('forms.design.title', 'Thiết kế biểu mẫu'),
    roles: ['content-officer'],
    workplace: true,
    icon: 'report',
    order: 10,
    load: () => import('./designs.tsx'),
  },
  {
    path: '/thiet-ke-bieu-mau/:key',
    key: 'forms-design',
    title: () => t('forms.design.title', 'Thiết kế biểu mẫu'),
    roles: ['content-officer'],
    load: () => import('./design.tsx'),
  },
];
