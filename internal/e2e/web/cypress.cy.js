// The recipe for Cypress of docs/testing-in-a-browser.md. The frame is of another origin: it needs chromeWebSecurity: false.
it('opens Link', () => {
  cy.request(`${Cypress.env('sandbox')}/link/v2/stable/link-initialize.js`).then(({ body }) => {
    cy.intercept('https://cdn.plaid.com/**', { headers: { 'content-type': 'text/javascript' }, body });
  });
  cy.visit('/');
  cy.contains('Connect a bank').click();
  cy.get('#plaid-link-iframe-1').its('0.contentDocument.body').contains('button', 'Continue').click();
});
