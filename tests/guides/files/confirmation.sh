# A red confirmation for the first invoice of the simulator, which the other side has to confirm.
echo '{"billId":"RC-1-WAIT","blueInvoiceLine":"pc","applySource":"0","blueElecInvoiceNumber":"26000000000000000001",
  "sellerTaxNo":"339901999999142","sellerName":"示例销方有限公司","buyerTaxNo":"91330106MA00000003",
  "buyerName":"示例购方有限公司","redReason":"1","orderNo":"DEMO-4-RED"}' \
  | nnopen call nuonuo.OpeMplatform.saveInvoiceRedConfirm - > /dev/null
sleep 3
