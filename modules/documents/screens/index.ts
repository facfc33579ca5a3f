import { type Screen, t } from '../../../web/ui/index.ts';

export const screens: Screen[] = [
  {
    path: '/giay-to/:patient',
    key: 'papers',
    title: () => t('documents.title', 'Giấy tờ đã in'),
    roles: ['doctor', 'nurse', 'station-head'],
    load: () => import('./papers.tsx'),
  },
  {
    path: '/dinh-kem/:patient',
    key: 'attachments',
    title: () => t('documents.attachments', 'Tài liệu đính kèm'),
    roles: ['doctor', 'nurse', 'station-head'],
    load: () => import('./attachments/attachments.tsx'),
  },
  {
    path: '/giay-cua-toi',
    key: 'my-papers',
    title: () => t('documents.mine', 'Giấy tờ của tôi'),
    roles: ['citizen'],
    workplace: true,
    icon: 'book',
    order: 15,
    frame: 'none',
    load: () => import('./mine.tsx'),
  },
  {
    path: '/kiem-tra',
    key: 'check-card',
    title: () => t('documents.check', 'Kiểm tra giấy có mã QR'),
    roles: [],
    open: true,
    frame: 'none',
    load: () => import('./check-card.tsx'),
  },
];
