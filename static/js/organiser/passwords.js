// SPDX-License-Identifier: MIT
// passwords.js: a button beside each password that shows it, so that nobody types it twice. It is hidden again before it is sent, or
// browsers would remember it as a plain text.

const one = (box) => {
  const input = box.querySelector('input');
  const button = document.createElement('button');
  const said = document.createElement('span');
  button.type = 'button';
  button.className = 'govuk-button govuk-button--secondary';
  said.className = 'govuk-visually-hidden';
  said.setAttribute('role', 'status');
  button.setAttribute('aria-controls', input.id);
  const show = (isShown) => {
    input.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? box.dataset.hide : box.dataset.show;
  };
  show(false);
  button.addEventListener('click', () => {
    const isShown = input.type === 'password';
    show(isShown);
    said.textContent = isShown ? box.dataset.shown : box.dataset.hidden;
  });
  input.form.addEventListener('submit', () => show(false));
  box.append(button, said);
};

export const passwords = () => document.querySelectorAll('.password').forEach(one);
