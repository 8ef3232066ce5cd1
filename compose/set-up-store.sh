#!/bin/sh
# Makes the bucket of docker-compose.yml and the accounts that gateways and workers have there.
set -eu

mc alias set --quiet store http://store:9000 root "$(cat /secrets/store/root-password)"
mc mb --ignore-existing store/docmill
for process in gateway worker; do
  account=docmill-$process
  mc admin policy create store "$account" "/deploy/s3-policy-$process.json"
  # An account that is there gets this secret, and so a new one after a change.
  mc admin user add store "$account" "$(cat "/secrets/$process/store-secret")"
  # It refuses to do what was done before.
  case $(mc admin user info store "$account") in
    *"PolicyName: $account"*) ;;
    *) mc admin policy attach store "$account" --user "$account" ;;
  esac
done
