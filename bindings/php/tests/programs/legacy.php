<?php

// 照官方 SDK 写的程序，一个字不改 · A program as written against the official SDK, not changed in any letter.

require_once getenv('API_PHP');

$config = json_decode(getenv('LEGACY_CONFIG'), true);
try {
    $res = json_decode(Api::getMerchantToken($config['appKey'], $config['appSecret']));
    $token = $res->access_token;
    echo $res->expires_in > 0 ? "token\n" : "no token\n";

    $body = json_encode(array('order' => array(
        'buyerName' => '示例购方有限公司', 'buyerTaxNum' => '91330106MA00000003', 'buyerPhone' => '13000000000',
        'orderNo' => $config['orderNo'], 'invoiceDate' => date('Y-m-d H:i:s'), 'clerk' => '张三',
        'salerTaxNum' => $config['taxnum'], 'salerTel' => '0571-00000001', 'salerAddress' => '示例路1号',
        'invoiceType' => '1', 'pushMode' => '1', 'invoiceLine' => 'p',
        'invoiceDetail' => array(
            'goodsName' => '服务', 'num' => '1', 'price' => '100.00', 'withTaxFlag' => '0', 'taxRate' => '0.06',
            'goodsCode' => '3040201000000000000', 'tax' => '6.00', 'taxExcludedAmount' => '100.00', 'taxIncludedAmount' => '106.00',
        ),
    )));
    $senid = md5(uniqid('', true));
    $result = json_decode(Api::sendPostSyncRequest($config['url'], $senid, $config['appKey'], $config['appSecret'], $token,
        $config['taxnum'], 'nuonuo.electronInvoice.requestBilling', $body));
    if ($result->code !== 'E0000') {
        echo $result->code, ' ', $result->describe, "\n";
    } else {
        echo "serial ", strlen($result->result->invoiceSerialNum), "\n";
        $body = json_encode(array('serialNos' => array($result->result->invoiceSerialNum)));
        $result = json_decode(Api::sendPostSyncRequest($config['url'], md5(uniqid('', true)), $config['appKey'], $config['appSecret'],
            $token, $config['taxnum'], 'nuonuo.ElectronInvoice.queryInvoiceResult', $body));
        echo $result->code, "\n";
    }
} catch (NnuoException $e) {
    echo $e->errorMessage(), "\n";
}
