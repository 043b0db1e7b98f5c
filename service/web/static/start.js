"use strict";

// No validator and no saved keys: the page talks to the service it came from and to nobody else.
SwaggerUIBundle({
  dom_id: "#page",
  url: "/openapi.yaml",
  validatorUrl: null,
  persistAuthorization: false,
  deepLinking: true,
});
