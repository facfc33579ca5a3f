/** Who this is, always in sight: name, sex, exact age, birth date, two identifiers, allergies, flags (ui.md, Faces). */
import type { ReactNode } from 'react';
import { Badge } from '../feedback/badge.tsx';
import { vietnamDayOf } from '../format/day.ts';
import { formatAge, formatDate, formatGroups, formatSex } from '../format/format.ts';
import { t } from '../i18n/language.ts';
import { Link } from '../route/link.tsx';

/** A person as the banner shows them; `GET /api/people/<id>/banner` answers this. */
export interface BannerPerson {
  id: string;
  name: string;
  /** FHIR administrative gender. */
  gender: string;
  /** With its own precision: `1985`, `1985-02`, `1985-02-07`. */
  birthDate: string | null;
  /** Instant or day of death; `unknown` when only the fact is known. */
  deceased?: string | null;
  /** The two that identify best, most telling first: `{label: 'Số định danh', value: '099…'}`. */
  identifiers: readonly { label: string; value: string }[];
  /** `known`: false means nobody asked yet, which is not "none". */
  allergies: readonly { text: string; high?: boolean }[];
  allergiesKnown?: boolean;
  /** The record holds allergies that this reader may not see. */
  allergiesClosed?: boolean;
  flags: readonly { text: string; tone?: 'danger' | 'look' | 'info' }[];
  /** A generated person of the demo province. */
  demo?: boolean;
}

/** Sticky at the top of what scrolls. `acts` stand at the right; the name opens the record. */
export function PatientBanner(props: { person: BannerPerson; acts?: ReactNode; children?: ReactNode }) {
  const { person } = props;
  return (
    <section
      className="yb-banner"
      aria-label={t('ui.banner', 'Người bệnh')}
      data-allergy={person.allergies.length > 0 || undefined}
    >
      <div className="yb-banner-line">
        <Link to={`/ho-so/${encodeURIComponent(person.id)}`} className="yb-banner-name">
          {person.name}
        </Link>
        <span className="yb-banner-fact">{formatSex(person.gender)}</span>
        <strong className="yb-banner-fact">{ageOf(person)}</strong>
        <Fact label={t('ui.banner.born', 'Sinh')}>
          {formatDate(person.birthDate) || t('ui.banner.unknown', 'chưa rõ')}
        </Fact>
        {person.identifiers.slice(0, 2).map((identifier) => (
          <Fact key={identifier.label} label={identifier.label}>
            {formatGroups(identifier.value)}
          </Fact>
        ))}
      </div>
      <div className="yb-banner-line">
        <Alerts person={person} />
        {props.acts && <div className="yb-banner-acts yb-no-print">{props.acts}</div>}
      </div>
      {props.children}
    </section>
  );
}

/** At death for those who died; none when the day of death is not known. */
function ageOf({ birthDate, deceased }: BannerPerson): string {
  if (deceased === 'unknown') return '';
  return formatAge(birthDate, deceased ? vietnamDayOf(deceased) : undefined);
}

function diedOn(deceased: string): string {
  const date = deceased === 'unknown' ? '' : formatDate(deceased);
  return t('ui.banner.deceased', 'Đã mất {date}', { date }).trim();
}

function Fact(props: { label: string; children: ReactNode }) {
  return (
    <span className="yb-banner-fact yb-number">
      <small>{props.label}</small>
      {props.children}
    </span>
  );
}

function Alerts(props: { person: BannerPerson }) {
  const { person } = props;
  return (
    <div className="yb-banner-alerts">
      {person.deceased && <Badge tone="danger">{diedOn(person.deceased)}</Badge>}
      {person.allergies.map((allergy) => (
        <Badge key={allergy.text} tone="danger">
          {t('ui.banner.allergy', 'Dị ứng: {what}', { what: allergy.text })}
        </Badge>
      ))}
      {person.allergiesClosed && (
        <Badge tone="look">{t('ui.banner.allergy-closed', 'Dị ứng: đang đóng với bạn')}</Badge>
      )}
      {person.allergies.length === 0 && !person.allergiesClosed && (
        <Badge tone={person.allergiesKnown === true ? 'neutral' : 'look'}>
          {person.allergiesKnown === true
            ? t('ui.banner.no-allergy', 'Không dị ứng đã biết')
            : t('ui.banner.allergy-unasked', 'Chưa hỏi dị ứng')}
        </Badge>
      )}
      {person.flags.map((flag) => (
        <Badge key={flag.text} tone={flag.tone ?? 'look'}>
          {flag.text}
        </Badge>
      ))}
      {person.demo && <Badge tone="info">{t('ui.banner.demo', 'Người tạo ra để trình diễn')}</Badge>}
    </div>
  );
}
