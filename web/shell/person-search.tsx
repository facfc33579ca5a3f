import { useEffect, useRef } from 'react';
import { api } from '../ui/data/api.ts';
import { CodeSearch } from '../ui/form/code-search.tsx';
import type { Found } from '../ui/form/use-search-box.ts';
import { formatAge, formatDate, formatSex } from '../ui/format/format.ts';
import { t } from '../ui/i18n/language.ts';
import { useKeys } from '../ui/keys/keys.tsx';
import { KEYS } from '../ui/keys/registry.ts';
import { navigate } from '../ui/route/route.ts';

/** A row of `GET /api/people/search?q=`: best match first, as the server ranks. */
interface PersonRow {
  id: string;
  name: string;
  gender: string;
  birthDate: string | null;
  identifiers?: readonly { label: string; value: string }[];
  deceased?: string | true | null;
  commune?: string | null;
}

type FoundPerson = Found & { person: PersonRow };

/** Finds a citizen from anywhere: Ctrl+K, or `/` outside of a field. */
export function PersonSearch() {
  const box = useRef<HTMLInputElement>(null);
  const focus = () => box.current?.focus();
  useKeys([{ key: KEYS.search, label: t('shell.find-person', 'Tìm người'), run: focus }]);
  useSlash(focus);
  return (
    <search className="yb-top-search">
      <CodeSearch<FoundPerson>
        label={t('shell.find-person', 'Tìm người')}
        bare
        ranked
        inputRef={box}
        placeholder={t('shell.find-hint', 'Tìm người: họ tên, số định danh, số thẻ, điện thoại')}
        search={findPeople}
        draw={drawPerson}
        onChoose={(found) => navigate(`/ho-so/${encodeURIComponent(found.person.id)}`)}
      />
    </search>
  );
}

async function findPeople(typed: string, signal: AbortSignal): Promise<FoundPerson[]> {
  const answer = await api.get<{ rows: PersonRow[] }>(`/api/people/search?q=${encodeURIComponent(typed)}`, {
    signal,
  });
  return answer.rows.map((person) => ({ code: person.id, label: person.name, person }));
}

function drawPerson({ person }: FoundPerson) {
  const age = person.deceased ? t('shell.deceased', 'đã mất') : formatAge(person.birthDate);
  const facts = [formatSex(person.gender), age, formatDate(person.birthDate)];
  const numbers = person.identifiers?.map(({ label, value }) => `${label} ${value}`) ?? [];
  return (
    <span className="yb-found-person">
      <span>
        <strong>{person.name}</strong>
        <span className="yb-number">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      <span className="yb-found-person-more">
        {[...numbers.slice(0, 2), person.commune].filter(Boolean).join(' · ')}
      </span>
    </span>
  );
}

/** `/` opens the search, but never takes the letter from someone who is writing. */
function useSlash(run: () => void): void {
  const newest = useRef(run);
  newest.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const at = event.target as HTMLElement;
      if (at.closest('input, textarea, select, [contenteditable=true], [role=dialog]')) return;
      event.preventDefault();
      newest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
