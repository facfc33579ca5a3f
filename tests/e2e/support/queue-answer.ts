import type { Answer } from './gallery.ts';

const NAMES = ['Nguyễn Hoàng Khánh Quỳnh Như', 'Trần Văn Ẩn', 'Lê Thị Bưởi'];
const BORN = ['1985-02-07', '2026-11-02', '2024-01'];
const STATES = ['waiting', 'seen', 'urgent'];
const ALL = 1000;
const PAGE = 100;

/**
 * A thousand people waiting, a hundred a page; `?filter=none` is an empty list, `broken` a failure, `late` a list whose
 * first page holds nothing of what is asked for.
 */
export const queueAnswer: Answer = ({ url }) => {
  const filter = url.searchParams.get('filter');
  if (filter === 'none') return { body: { rows: [], total: 0, next: null } };
  if (filter === 'broken') {
    const text = 'Ổ đĩa máy chủ đã đầy. Chưa mất gì; báo người quản trị.';
    return { status: 507, body: { error: { code: 'disk-full', text, issues: [] } } };
  }
  if (filter === 'late' && !url.searchParams.has('cursor')) return { body: { rows: [], next: '900' } };
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const rows = Array.from({ length: PAGE }, (_, index) => ({
    id: `p${from + index}`,
    ticket: String(from + index + 1).padStart(3, '0'),
    name: NAMES[index % 3],
    born: BORN[index % 3],
    state: STATES[index % 3],
  }));
  return { body: { rows, total: ALL, next: from + PAGE < ALL ? String(from + PAGE) : null } };
};
