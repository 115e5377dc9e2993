"""The honest class: right and partly right submissions as students write them. See README.md."""
