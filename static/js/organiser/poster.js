// SPDX-License-Identifier: MIT
// poster.js: the poster's picture follows what is chosen. It only asks for another picture and leads the links to the same choice; where there is
// none for it, the page itself is asked, which says why.

const pause = 250; // ms: two ticks in a row are one change

export const poster = () => {
  const form = document.getElementById('poster');
  const picture = document.getElementById('posterPicture');
  if (!form || !picture) return;
  const works = document.getElementById('posterWorks');
  const links = ['pdf', 'png'].map((format) => [format, document.getElementById(`poster${format[0].toUpperCase()}${format.slice(1)}`)]);
  const file = new URL(links[0][1].href).pathname;
  let waiting, isAsked = false;
  const address = (format, isInline) => {
    const query = new URLSearchParams(new FormData(form));
    query.set('format', format);
    if (isInline) query.set('inline', '1');
    return `${file}?${query}`;
  };
  const show = () => {
    isAsked = true;
    works.hidden = true;
    picture.classList.add('poster__picture--old');
    picture.src = address('png', true);
    for (const [format, link] of links) link.href = address(format, false);
  };
  form.addEventListener('change', ({ target }) => {
    clearTimeout(waiting);
    // Another kind may come in other files: the page knows.
    if (target.name === 'kind') form.requestSubmit();
    else waiting = setTimeout(show, pause);
  });
  picture.addEventListener('load', () => {
    works.hidden = false;
    picture.classList.remove('poster__picture--old');
  });
  picture.addEventListener('error', () => {
    if (isAsked) form.requestSubmit();
  });
};
