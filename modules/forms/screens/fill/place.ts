import { t } from '../../../../web/ui/index.ts';

/** This browser as its owner tells it from another: "Chrome, Windows". */
export function thisPlace(): string {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Chrome\//.test(agent)
      ? 'Chrome'
      : /Firefox\//.test(agent)
        ? 'Firefox'
        : 'Safari';
  const system = /Windows/.test(agent)
    ? 'Windows'
    : /Android/.test(agent)
      ? 'Android'
      : /iPhone|iPad/.test(agent)
        ? 'iOS'
        : /Mac OS/.test(agent)
          ? 'macOS'
          : 'Linux';
  return t('forms.place', '{browser} trên {system}', { browser, system });
}
