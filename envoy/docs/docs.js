// Shows /openapi.json. The key given under "Authorize" stays in this page and is gone with it.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  showExtensions: false,
  syntaxHighlight: {activated: true, theme: "nord"},
  tryItOutEnabled: false,
  validatorUrl: null,
});
