/** Pictures of a form itself, beside a question and its choices. What lies elsewhere is a link: the page loads nothing of others. */
import type { Media, Option } from '../../../../engines/forms/browser.ts';
import { t } from '../../../../web/ui/index.ts';

const isOwn = ({ source }: Media) => /^(data:|\/(?!\/))/.test(source);

export function Shown({ media, name }: { media: Media | null; name: string }) {
  if (!media) return null;
  const words = media.title || name;
  if (isOwn(media) && media.type.startsWith('image/'))
    return <img className="fm-media" src={media.source} alt={words} />;
  if (!/^(https?:|\/)/.test(media.source)) return null;
  return (
    <a href={media.source} target="_blank" rel="noopener noreferrer">
      {t('forms.media', 'Xem: {what}', { what: words })}
    </a>
  );
}

/** Each choice that has a picture, with its words below. */
export function OptionPictures({ options }: { options: readonly Option[] | null }) {
  const pictured = (options ?? []).filter(({ media }) => media !== null);
  if (pictured.length === 0) return null;
  return (
    <div className="fm-pictures">
      {pictured.map(({ label, media }) => (
        <figure key={label}>
          <Shown media={media} name={label} />
          <figcaption>{label}</figcaption>
        </figure>
      ))}
    </div>
  );
}
