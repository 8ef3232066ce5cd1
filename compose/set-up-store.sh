#!/bin/sh
# Makes the bucket of docker-compose.yml and the account that gateways and workers have.
set -eu

mc alias set --quiet store http://store:9000 root "$(cat /secrets/store/root-password)"
mc mb --ignore-existing store/docmill
mc admin policy create store docmill /compose/store-policy.json
# An account that is there gets this secret, and so a new one after a change.
mc admin user add store docmill "$(cat /secrets/docmill/store-secret)"
mc admin policy attach store docmill --user docmill 2>&1 || mc admin user info store docmill | grep -q 'PolicyName: docmill'
