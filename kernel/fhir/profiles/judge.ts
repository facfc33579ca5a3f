/** A resource by the profiles that it declares, those that are asked for, and its extensions by their definitions. Pure. */
import type { Issue } from '../../failure.ts';
import { fitsContext } from './context.ts';
import { bareType, type Json } from './definition.ts';
import { wholeItem } from './items.ts';
import type { Library, Profile } from './library.ts';
import { Run } from './run.ts';
import type { Declared, Extended, Survey } from './survey.ts';
import { ownerOf } from './tree.ts';

export interface Asked {
  /** Profiles to check besides those that are declared; one that is not known is an error. */
  profiles: readonly string[];
  /** Warnings and information are told, too. */
  warnings: boolean;
}

const ABSTRACT = new Set(['Resource', 'DomainResource']);

export function judgeResource(resource: Json, survey: Survey, asked: Asked, library: Library): Issue[] {
  const run = new Run(resource, asked.warnings);
  run.path.push(String(resource.resourceType));
  for (const url of asked.profiles) judgeAsked(resource, url, library, run);
  for (const one of survey.declared) {
    run.elsewhere(one.path, () => run.at(one.place, () => judgeDeclared(one, library, run)));
  }
  for (const one of survey.extensions) {
    run.elsewhere(one.path, () => run.at(one.place, () => judgeExtension(one, library, run)));
  }
  return run.issues;
}

function judgeAsked(resource: Json, url: string, library: Library, run: Run): void {
  const profile = library.profile(url);
  run.profile = url;
  if (profile) judge(resource, profile, run);
  else if (!judgeBase(String(resource.resourceType), url, run)) {
    run.report(
      'not-found',
      `Không có hồ sơ mẫu "${url}" ở đây. Hãy gửi StructureDefinition của nó trước.`,
      `Profile "${url}" is not known here: store its StructureDefinition first.`,
    );
  }
}

function judgeDeclared({ resource, type, profiles }: Declared, library: Library, run: Run): void {
  for (const [at, url] of profiles.entries()) {
    const profile = library.profile(url);
    run.profile = url;
    if (profile) judge(resource, profile, run, at);
    else if (!judgeBase(type, url, run)) {
      run.path.push('meta', 'profile', at);
      run.report(
        'not-found',
        `Không có hồ sơ mẫu "${url}" ở đây nên không kiểm được theo nó.`,
        `Profile "${url}" is not known here, and was not checked.`,
        undefined,
        'warning',
      );
      run.path.length -= 3;
    }
  }
}

/** R4's own type by its address: the base validation has looked at it. False when the address is none. */
function judgeBase(type: string, url: string, run: Run): boolean {
  const base = bareType(url);
  if (ownerOf(base) === null || base.includes('.')) return false;
  if (base !== type && !ABSTRACT.has(base)) wrongType(type, base, run);
  return true;
}

function wrongType(type: string, wanted: string, run: Run): void {
  run.report(
    'invalid',
    `Hồ sơ mẫu này dành cho ${wanted}, không phải ${type}.`,
    `The profile is one of ${wanted}, not of ${type}.`,
  );
}

function judge(resource: Json, profile: Profile, run: Run, at?: number): void {
  const type = String(resource.resourceType);
  const [first] = profile.faults();
  if (first) {
    run.report(
      'not-supported',
      `Hồ sơ mẫu "${profile.url}" không dùng được nên không kiểm được theo nó: ${first.text}`,
      `Profile "${profile.url}" cannot be carried out, and was not checked: ${first.textEn}`,
      at === undefined ? undefined : 'meta',
      at === undefined ? 'error' : 'warning',
    );
  } else if (profile.type !== type && !ABSTRACT.has(profile.type)) wrongType(type, profile.type, run);
  else profile.check(wholeItem(resource, type), run);
}

function judgeExtension(extended: Extended, library: Library, run: Run): void {
  const { value, url, modifier } = extended;
  const profile = library.profile(url);
  run.profile = url;
  if (!profile || profile.faults().length > 0) {
    unknownExtension(url, modifier, run);
    return;
  }
  if (profile.type !== 'Extension') return;
  const isModifier = profile.root.facets.modifier === true;
  if (isModifier !== modifier) {
    run.report(
      'structure',
      isModifier
        ? `Phần mở rộng "${url}" làm đổi nghĩa: phải đặt trong modifierExtension.`
        : `Phần mở rộng "${url}" không làm đổi nghĩa: phải đặt trong extension.`,
      isModifier
        ? `Extension "${url}" is a modifier and belongs in modifierExtension.`
        : `Extension "${url}" is no modifier and belongs in extension.`,
    );
  }
  if (!fitsContext(profile.definition, extended)) wrongPlace(url, profile, run);
  if (!run.hasSeen(value)) profile.check(wholeItem(value, 'Extension'), run);
}

/** A warning: HL7's own definitions carry extensions at places that their contexts do not name. */
function wrongPlace(url: string, { definition }: Profile, run: Run): void {
  const places = (definition.context ?? []).map(({ expression }) => expression).join(', ');
  run.report(
    'structure',
    `Phần mở rộng "${url}" không được đặt ở đây; chỉ đặt ở ${places}.`,
    `Extension "${url}" is not allowed here; its context is ${places}.`,
    undefined,
    'warning',
  );
}

/** R4 extensibility.html#modifierExtension: a reader who does not know it may not rely on the element. */
function unknownExtension(url: string, modifier: boolean, run: Run): void {
  run.report(
    'extension',
    modifier
      ? `Phần mở rộng đổi nghĩa "${url}" không có định nghĩa ở đây: người đọc không biết nó sẽ hiểu sai.`
      : `Phần mở rộng "${url}" không có định nghĩa ở đây nên không kiểm được.`,
    modifier
      ? `Modifier extension "${url}" has no definition here: who does not know it would misread the element.`
      : `Extension "${url}" has no definition here, and was not checked.`,
    undefined,
    modifier ? 'warning' : 'information',
  );
}
