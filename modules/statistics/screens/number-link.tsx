/** A number that opens the report's cell that it is. */
import { Link, t } from '../../../web/ui/index.ts';
import './statistics.css';

export function NumberLink({ to, title, children }: { to: string; title?: string; children: string }) {
  return (
    <Link
      className="st-number-link"
      to={to}
      title={title ?? t('statistics.number.open', 'Mở ô của báo cáo và người phía sau')}
    >
      {children}
    </Link>
  );
}
