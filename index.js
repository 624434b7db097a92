// n8n loads nodes and credentials from the paths in package.json; there is nothing to export here.
module.exports = {};
